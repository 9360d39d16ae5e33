"""The report of a study on a user's own data: page, Markdown, tables, recipe, model."""
