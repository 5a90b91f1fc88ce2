"""Words that are no attribute names in a PartiQL statement unless they are quoted.

They are SQL-92's reserved words and PartiQL's own (PartiQL Specification, Appendix).
"""

_SQL = """
absolute action add all allocate alter and any are as asc assertion at authorization avg begin
between bit bit_length both by cascade cascaded case cast catalog char char_length character
character_length check close coalesce collate collation column commit connect connection constraint
constraints continue convert corresponding create cross current current_date current_time
current_timestamp current_user cursor date deallocate dec decimal declare default deferrable
deferred delete desc describe descriptor diagnostics disconnect distinct domain double drop else
end escape except exception exec execute exists external extract false fetch first float for
foreign found from full get global go goto grant group having identity immediate in indicator
initially inner input insensitive insert int integer intersect interval into is isolation join key
language last left level like local lower match max min minute module names national natural nchar
next no not null nullif numeric octet_length of on only open option or order outer output overlaps
pad partial position precision prepare preserve primary prior privileges procedure public read real
references relative restrict revoke right rollback rows schema scroll section select session
session_user set size smallint some space sql sqlcode sqlerror sqlstate substring sum system_user
table temporary then time timestamp to transaction translate translation trim true union unique
unknown update upper usage user using value values varchar varying view when whenever where with
work write zone
"""
_PARTIQL = """
bag blob bool boolean clob index int2 int4 int8 let limit list missing pivot remove returning sexp
string struct symbol tuple unpivot
"""
KEYWORDS = frozenset((_SQL + _PARTIQL).upper().split())
OPERATORS = frozenset(
    ("AND", "OR", "IN", "IS", "LIKE", "BETWEEN", "=", "<>", "!=", "<", "<=", ">", ">=", "+")
)
TYPES = {
    **dict.fromkeys(("BOOL", "BOOLEAN"), "BOOL"),
    **dict.fromkeys(("STRING", "VARCHAR", "CHAR", "CHARACTER", "CHARACTER VARYING", "SYMBOL"), "S"),
    **dict.fromkeys(("INT", "INTEGER", "SMALLINT", "INT2", "INT4", "INT8", "FLOAT", "REAL"), "N"),
    **dict.fromkeys(("DECIMAL", "NUMERIC", "DOUBLE PRECISION"), "N"),
    **dict.fromkeys(("BLOB", "CLOB"), "B"),
    **dict.fromkeys(("STRUCT", "TUPLE"), "M"),
    "LIST": "L",
    "BAG": "BAG",
    "NULL": "NULL",
    "MISSING": "MISSING",
}
