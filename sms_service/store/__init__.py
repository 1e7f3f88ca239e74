"""SQLAlchemy tables and prebuilt, named queries, one file per aggregate."""
