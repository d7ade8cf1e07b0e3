"""New things made from the models: schemas for editors, reference pages, new repositories and records."""
