"""Where everything is kept: SQL tables, the unit of work, repositories, migrations, and encryption at rest."""
