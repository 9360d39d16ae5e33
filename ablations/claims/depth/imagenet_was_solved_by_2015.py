"""The numbers are those of a yearly competition on photographs.

Networks of this suite's size can neither be trained on them nor say anything of them.
"""

from ablations.protocol.claim import Claim

CLAIM = Claim(
    statement="The best top-five accuracy on ImageNet's 1.4 million images of 1,000"
    " classes rose from 74.3 % in 2011 to 83.6 % in 2012 and 96.4 % in 2015, when the"
    " task was solved.",
    rows=("A-INT-14",),
    source="Deep learning notes, chapter 1, ImageNet",
    reference="Russakovsky et al. (2015), ImageNet Large Scale Visual Recognition"
    " Challenge, IJCV 115; Krizhevsky, Sutskever and Hinton (2012), ImageNet"
    " classification with deep convolutional neural networks; He et al. (2015), Deep"
    " residual learning",
    untestable="The numbers are results of a competition on data that is not at hand,"
    " so they can be compared with print only. He et al. (2015) give a top-five error"
    " of 3.57 % in 2015, which is the 96.4 %. The 2012 network is published with two"
    " errors: 16.4 % for five networks, which is the 83.6 %, and 15.3 % with two more"
    " that were trained on further images. Of the images about 1.28 million were for"
    " training; 1.4 million is the sum with those for validation and test. The last"
    " digit of the number for 2011 was not checked. Whether the task was then solved is"
    " no measurement.",
    answers={
        "": (
            "Not tested: the images are not at hand. In print 2015 is as stated;"
            " what is given for 2012 is without extra images."
        )
    },
    how=(
        "Nothing was trained; the numbers were compared with the publications,"
        " where the best of 2012 is 84.7 %."
    ),
)
