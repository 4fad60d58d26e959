"""The SOP as rules: who may do what with a case and when it is due. Pure: knows no channel, no database, no clock."""
