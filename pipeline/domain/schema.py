"""The one place that owns every table and column: names, types, meaning, legal values, keys.

The pandera checks, the Frictionless descriptor and the data dictionary are all made from `TABLES`.
Lists inside a cell are separated by `|`. Boxes are `page:x0,y0,x1,y1` in PDF points, origin at the page's top left.
"""

from dataclasses import dataclass, field

from pipeline.domain import codebook

ORGANISATION_KINDS = ("government", "civil_society", "academia", "industry", "international", "unknown")


@dataclass(frozen=True)
class Column:
    """One column: `type` is a Frictionless type; `values` closes the vocabulary; `many` marks a `|` list of them."""

    name: str
    type: str
    description: str
    values: tuple[str, ...] = ()
    many: bool = False
    required: bool = False
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Table:
    """A table of the dataset or of an intermediate step."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    foreign: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Column names in their published order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """The column called `name`; raises KeyError where the table has none."""
        return {column.name: column for column in self.columns}[name]


def _probability(name: str, description: str) -> Column:
    return Column(name, "number", description, minimum=0, maximum=1)


_TEXT = Column("text", "string", "The commitment's whole text, title included, in reading order.", required=True)
_PAGE_START = Column(
    "page_start", "integer", "First page, counted from 1 in the file (not the printed number).", minimum=1
)
_PAGE_END = Column("page_end", "integer", "Last page, counted from 1 in the file.", minimum=1)
_LANGUAGE = Column("language", "string", "Language as ISO 639-1 code, detected unless given.")

SOURCES = Table(
    "sources",
    "The documents that the corpus consists of: one row a document, kept by the analyst.",
    (
        Column("id", "string", "Short stable name of the document.", required=True),
        Column("path", "string", "File, relative to the folder of sources.csv.", required=True),
        Column("title", "string", "Title of the document."),
        Column("country", "string", "ISO 3166-1 alpha-3 code; X.. and ZZZ codes are user-assigned."),
        Column("year", "integer", "Year of adoption or submission.", minimum=1900, maximum=2100),
        Column("kind", "string", "What kind of document it is.", codebook.KINDS),
        Column("language", "string", "ISO 639-1 code of the main language; empty: detected."),
        Column("address", "string", "Where the document was published (URL), if anywhere."),
        Column("licence", "string", "Licence of the document's text."),
        Column("sha256", "string", "SHA-256 of the file, hexadecimal."),
        Column("mapping", "string", "For tables of commitments: `column=header` pairs separated by `|`."),
    ),
    key=("id",),
)

REGISTRY = Table(
    "registry",
    "Addresses of published documents that `fetch` can download: facts only, no text.",
    (
        Column("id", "string", "Short stable name; the fetched file is named by it.", required=True),
        Column("country", "string", "ISO 3166-1 alpha-3 code; empty for documents of international bodies."),
        Column(
            "kind",
            "string",
            "What the document is; all but `nap` enter the corpus as `digital_policy`.",
            ("nap", "digital_policy", "ai_policy", "data_policy", "regulation", "commitments_table"),
            required=True,
        ),
        Column("title", "string", "Title of the document.", required=True),
        Column("year", "integer", "Year of adoption or submission.", required=True, minimum=1900, maximum=2100),
        Column("language", "string", "ISO 639-1 code.", required=True),
        Column("format", "string", "Format that the address serves.", ("pdf", "html", "docx", "csv"), required=True),
        Column("address", "string", "Where the document is published (http or https).", required=True),
    ),
    key=("id",),
)

FETCHED = Table(
    "fetched",
    "What became of each document that `fetch` was asked for.",
    (
        Column("id", "string", "Id in the registry.", required=True),
        Column("address", "string", "Where the document is published.", required=True),
        Column(
            "status",
            "string",
            "`fetched`: now in the corpus; `present`: was there; `changed`: not what was first fetched; `failed`.",
            ("fetched", "present", "changed", "failed"),
            required=True,
        ),
        Column("reason", "string", "Why it is `changed` or `failed`, and what to do about it."),
        Column("path", "string", "File, relative to the folder of sources.csv; empty where there is none."),
        Column("bytes", "integer", "Size of the file; empty where there is none.", unit="bytes", minimum=0),
        Column("sha256", "string", "SHA-256 of the file, hexadecimal; empty where there is none."),
    ),
    key=("id",),
)

BLOCKS = Table(
    "blocks",
    "Extracted text: one row a text block, in reading order.",
    (
        Column("document", "string", "File name of the document.", required=True),
        Column("page", "integer", "Page, from 1; 1 for formats without pages.", minimum=1),
        Column(
            "page_end", "integer", "Last page of a block that runs over a page break; else the same page.", minimum=1
        ),
        Column("block", "integer", "Position in the document's reading order, from 0.", minimum=0),
        Column(
            "kind",
            "string",
            "Role of the block on the page; only body kinds belong to the running text.",
            ("heading", "paragraph", "list_item", "table_row", "header", "footer", "footnote", "caption"),
        ),
        Column("x0", "number", "Left edge.", unit="pt"),
        Column("y0", "number", "Top edge, from the top of the page.", unit="pt"),
        Column("x1", "number", "Right edge.", unit="pt"),
        Column("y1", "number", "Bottom edge.", unit="pt"),
        Column("text", "string", "Normalised text: hyphens, ligatures and bullets repaired.", required=True),
        Column("size", "number", "Main font size; 0 where the file does not tell.", unit="pt", minimum=0),
        Column("bold", "number", "Share of the block's characters in bold.", minimum=0, maximum=1),
        Column("italic", "number", "Share of the block's characters in italics.", minimum=0, maximum=1),
        Column(
            "lead", "string", "Run-in title: the prefix set in another style (bold, underlined, italic) than the rest."
        ),
        Column("font", "string", "Name of the main font, empty where unknown."),
        Column("marker", "string", "Bullet or number that was set before the text, as printed; empty when none."),
    ),
    key=("document", "block"),
)

DOCUMENTS = Table(
    "documents",
    "Every document of the run, also those that could not be read, with the reason.",
    (
        Column("document", "string", "File name of the document.", required=True),
        Column("id", "string", "Short name from sources.csv; the file name without suffix where there is none."),
        Column("title", "string", "Title of the document."),
        Column("country", "string", "ISO 3166-1 alpha-3 code."),
        Column("year", "integer", "Year of adoption or submission."),
        Column("kind", "string", "What kind of document it is.", codebook.KINDS),
        Column("language", "string", "Main language as ISO 639-1 code; detected unless given."),
        Column("status", "string", "What became of the document.", tuple(codebook.Status), required=True),
        Column("reason", "string", "Why it is not `ok`, and what to do about it."),
        Column(
            "method",
            "string",
            "How the text was read, e.g. `pypdfium2`, `pypdfium2+pdfplumber`, `tesseract`, `python-docx`.",
        ),
        Column("pages", "integer", "Number of pages.", minimum=0),
        Column("pages_ocr", "string", "Pages read by OCR, `|`-separated."),
        Column("pages_without_text", "string", "Pages that gave no text and may need OCR, `|`-separated."),
        Column("blocks", "integer", "Number of text blocks.", minimum=0),
        Column("commitments", "integer", "Number of commitments found.", minimum=0),
        Column("in_scope", "integer", "Number of commitments in one of the five clusters.", minimum=0),
        Column("path", "string", "Path as given or as in sources.csv."),
        Column("address", "string", "Where the document was published."),
        Column("licence", "string", "Licence of the document's text."),
        Column("sha256", "string", "SHA-256 of the file, hexadecimal."),
        Column("mapping", "string", "For tables of commitments: `column=header` pairs as in sources.csv."),
    ),
    key=("document",),
)

_SEGMENT_COLUMNS = (
    Column("document", "string", "File name of the document.", required=True),
    Column("commitment_id", "string", "Stable id: document id and a digest of the commitment's text.", required=True),
    Column("number", "string", "The commitment's number as printed; empty when it has none."),
    Column("title", "string", "The commitment's title; empty when it has none."),
    _TEXT,
    _PAGE_START,
    _PAGE_END,
    _LANGUAGE,
    Column("parent", "string", "Theme or chapter that the commitment stands under."),
    Column("boxes", "string", "Where the text stands: `page:x0,y0,x1,y1` for each block, `|`-separated.", unit="pt"),
    Column("lead_institution", "string", "Lead institution as the plan's field names it."),
    Column("supporting_institutions", "string", "Supporting institutions and partners as the plan's fields name them."),
    Column("start", "string", "Start as printed."),
    Column("end", "string", "End as printed."),
    Column("milestones", "string", "Milestones, `|`-separated."),
)
# A table of commitments may hold the plans of many countries and years: its rows say of which.
_SEGMENT_COUNTRY = Column("country", "string", "Country that the row of a table names; empty: that of the document.")
_SEGMENT_YEAR = Column("year", "integer", "Year that the row of a table names; empty: that of the document.")

SEGMENTS = Table(
    "segments",
    "Commitments as the plan delimits them, before coding.",
    (*_SEGMENT_COLUMNS, _SEGMENT_COUNTRY, _SEGMENT_YEAR),
    key=("commitment_id",),
)

_CODE_COLUMNS = (
    Column("cluster", "string", "Area of digital governance (codebook, section 1).", codebook.CLUSTERS, required=True),
    _probability("cluster_probability", "Calibrated probability of the cluster given."),
    *(_probability(f"p_{cluster}", f"Calibrated probability of cluster `{cluster}`.") for cluster in codebook.CLUSTERS),
    Column(
        "cluster_set",
        "string",
        "Clusters that cannot be ruled out at the stated coverage.",
        codebook.CLUSTERS,
        many=True,
    ),
    Column(
        "iap2_level", "string", "Highest level of participation promised (section 2).", codebook.LEVELS, required=True
    ),
    _probability("iap2_probability", "Calibrated probability of the level given."),
    *(_probability(f"p_{level}", f"Calibrated probability of level `{level}`.") for level in codebook.LEVELS),
    Column("iap2_set", "string", "Levels that cannot be ruled out at the stated coverage.", codebook.LEVELS, many=True),
    Column(
        "participation_in",
        "string",
        "Participation in the digital thing or through it (section 3).",
        codebook.PARTICIPATION_IN,
    ),
    Column("publics", "string", "Who is engaged (section 4).", codebook.PUBLICS, many=True),
    Column("mandate", "string", "Whether participation is formalised (section 5).", codebook.MANDATES),
    Column("evidence", "string", "Exact quotation that carries the level; empty at level none (section 6)."),
    Column("policy_areas", "string", "Policy areas touched.", codebook.POLICY_AREAS, many=True),
    Column(
        "touchpoints", "string", "Points of the policy cycle opened to the public.", codebook.TOUCHPOINTS, many=True
    ),
    Column("drivers", "string", "Words and passages that drove cluster and level."),
    Column("needs_review", "boolean", "Whether a prediction set holds more than one value."),
    Column("source", "string", "Where the codes come from.", ("model", "review")),
    Column("model", "string", "Id of the model that coded the row."),
)

CLASSIFIED = Table(
    "classified",
    "What `classify` adds to any table with `id` and `text`.",
    (Column("id", "string", "Row id as given.", required=True), _TEXT, *_CODE_COLUMNS),
    key=("id",),
)

COMMITMENTS = Table(
    "commitments",
    "One row a commitment: where it stands, what it says, how it is coded.",
    (
        *_SEGMENT_COLUMNS[:2],
        Column("country", "string", "ISO 3166-1 alpha-3 code of the document, or of the row of a table."),
        Column("year", "integer", "Year of the document, or of the row of a table."),
        Column("kind", "string", "Kind of the document.", codebook.KINDS),
        *_SEGMENT_COLUMNS[2:],
        Column("evidence_page", "integer", "Page on which the quotation stands.", minimum=1),
        *_CODE_COLUMNS,
    ),
    key=("commitment_id",),
    foreign={"document": ("documents", "document")},
)

DEFICIT = Table(
    "deficit",
    "Every measure for every group, tidy: one row an estimate.",
    (
        Column("estimate_id", "string", "Measure, group and category in one stable name.", required=True),
        Column("measure", "string", "Name of the measure (docs/measures.md).", required=True),
        Column(
            "grouping", "string", "Names of the group columns that are set, `|`-separated; `all` for the whole corpus."
        ),
        Column("country", "string", "Group: country (ISO 3166-1 alpha-3)."),
        Column("region", "string", "Group: region (UN M49)."),
        Column("year", "integer", "Group: year of the document."),
        Column("document", "string", "Group: plan (file name)."),
        Column("kind", "string", "Group: kind of document.", codebook.KINDS),
        Column("language", "string", "Group: language of the commitment."),
        Column("cluster", "string", "Group: cluster.", codebook.IN_SCOPE),
        Column("policy_area", "string", "Group: policy area.", codebook.POLICY_AREAS),
        Column(
            "category", "string", "Value that the estimate is about (a level, touch-point, link …); empty for totals."
        ),
        Column(
            "unit",
            "string",
            "Unit of estimate, interval and counted.",
            ("share", "levels", "touchpoints", "links", "loops"),
        ),
        Column("counted", "number", "The same figure counted straight from the coded rows, without correction."),
        Column("estimate", "number", "The estimate, in the measure's unit, corrected as `method` says."),
        Column("low", "number", "Lower end of the 95 % interval."),
        Column("high", "number", "Upper end of the 95 % interval."),
        Column("n", "integer", "Commitments that the estimate rests on.", minimum=0),
        Column(
            "documents",
            "integer",
            "Documents that the estimate rests on; a table of many plans counts once a country and year.",
            minimum=0,
        ),
        Column("small", "boolean", "Whether n is below the minimum of params.yaml: read with care."),
        Column("method", "string", "How estimate and interval were made."),
    ),
    key=("estimate_id",),
)

ORGANISATIONS = Table(
    "organisations",
    "Bodies named in commitments: who does participatory digital governance. One row a body and country.",
    (
        Column("organisation_id", "string", "Stable id: country and a digest of the folded name.", required=True),
        Column("name", "string", "Name as most often printed.", required=True),
        Column(
            "kind", "string", "Kind of body, told by words in its name; `unknown` where none tells.", ORGANISATION_KINDS
        ),
        Column("country", "string", "ISO 3166-1 alpha-3 code of the documents that name it."),
        Column("commitments", "integer", "Commitments that name it.", minimum=1),
        Column("in_scope", "integer", "Of these, commitments in one of the five clusters.", minimum=0),
        Column("at_threshold", "integer", "Of the in-scope ones, those at or above the threshold level.", minimum=0),
        Column("as_lead", "integer", "Commitments whose lead it is.", minimum=0),
        Column("as_support", "integer", "Commitments that name it as supporting.", minimum=0),
        Column("as_partner", "integer", "Commitments whose text names it as a partner.", minimum=0),
        Column(
            "highest_level",
            "string",
            "Highest level among its in-scope commitments; empty where it has none.",
            codebook.LEVELS,
        ),
        Column("clusters", "string", "Clusters it appears with.", codebook.CLUSTERS, many=True),
        Column("levels", "string", "Levels it appears with.", codebook.LEVELS, many=True),
        Column("commitment_ids", "string", "Ids of the commitments, `|`-separated."),
    ),
    key=("organisation_id",),
)

EXEMPLARS = Table(
    "exemplars",
    "Commitments worth a look: for each cluster those that reach highest, and near-misses.",
    (
        Column("commitment_id", "string", "Id of the commitment.", required=True),
        Column(
            "role",
            "string",
            "`exemplar`: among the highest of its cluster; `near_miss`: informs, but offers a place for more.",
            ("exemplar", "near_miss"),
            required=True,
        ),
        Column("rank", "integer", "Position within role and cluster, from 1.", minimum=1),
        Column("cluster", "string", "Cluster.", codebook.IN_SCOPE),
        Column("iap2_level", "string", "Level as coded.", codebook.LEVELS),
        _probability("iap2_probability", "Calibrated probability of that level; empty where unknown."),
        Column("document", "string", "File name of the document."),
        Column("country", "string", "ISO 3166-1 alpha-3 code."),
        Column("year", "integer", "Year of the document."),
        Column("title", "string", "Title of the commitment."),
        Column("quotation", "string", "Exact quotation: the evidence of an exemplar, the place found in a near-miss."),
        Column("page", "integer", "Page of the quotation.", minimum=1),
        Column(
            "suggested_level", "string", "Near-miss: the level that the place found would fit.", ("consult", "involve")
        ),
        Column("place", "string", "Near-miss: what kind of place was found."),
    ),
    key=("role", "commitment_id"),
    foreign={"commitment_id": ("commitments", "commitment_id")},
)

ECOSYSTEM = Table(
    "ecosystem",
    "Links of the two loops and the feeder, for each country and plan.",
    (
        Column("link_id", "string", "Grouping, group and link in one stable name.", required=True),
        Column("grouping", "string", "What the row is about.", ("country", "document")),
        Column("country", "string", "ISO 3166-1 alpha-3 code."),
        Column("document", "string", "File name of the plan; empty for countries."),
        Column("loop", "string", "Loop that the link belongs to.", tuple(codebook.LOOPS)),
        Column("source", "string", "Cluster at the start of the link.", codebook.IN_SCOPE),
        Column("target", "string", "Cluster at the end of the link.", codebook.IN_SCOPE),
        Column("open", "boolean", "Whether both ends have a commitment at or above the threshold level."),
        _probability(
            "probability", "Share of the error model's draws in which the link is open; empty without an error model."
        ),
        Column("loop_closed", "boolean", "Whether every link of the loop is open."),
        Column("source_commitments", "integer", "Commitments at or above the threshold at the start.", minimum=0),
        Column("target_commitments", "integer", "Commitments at or above the threshold at the end.", minimum=0),
    ),
    key=("link_id",),
)

LABELLED = Table(
    "labelled",
    "Written labelled examples (illustrative: no real commitment is quoted).",
    (
        Column("id", "string", "Id of the example.", required=True),
        Column("language", "string", "ISO 639-1 code.", required=True),
        Column("kind", "string", "Kind of document that the example imitates.", codebook.KINDS),
        Column("title", "string", "Title; may be empty."),
        Column("text", "string", "Text of the commitment, title not included.", required=True),
        Column("cluster", "string", "Cluster.", codebook.CLUSTERS, required=True),
        Column("iap2_level", "string", "Level.", codebook.LEVELS, required=True),
        Column("participation_in", "string", "Participation in or through the digital.", codebook.PARTICIPATION_IN),
        Column("publics", "string", "Who is engaged.", codebook.PUBLICS, many=True),
        Column("mandate", "string", "Whether participation is formalised.", codebook.MANDATES),
        Column("evidence", "string", "Exact quotation from title or text that carries the level."),
        Column("policy_areas", "string", "Policy areas.", codebook.POLICY_AREAS, many=True),
        Column("touchpoints", "string", "Points of the policy cycle opened.", codebook.TOUCHPOINTS, many=True),
        Column("difficulty", "string", "How contestable the coding is.", ("clear", "borderline")),
        Column(
            "alternative",
            "string",
            "Value that a careful coder could defend instead, such as `iap2_level=involve`; empty when clear.",
        ),
        Column("coded", "string", "Whether a second pass coded the example blind.", ("once", "twice")),
        Column(
            "manner",
            "string",
            "How it is worded: crisp, or styled after the officialese of real plans; empty is styled.",
            codebook.MANNERS,
        ),
        Column("translation_of", "string", "Id of the example that says the same in another language; else empty."),
        Column("author", "string", "Who wrote and coded it.", required=True),
        Column("date", "date", "When it was coded.", required=True),
    ),
    key=("id",),
)

_REVIEWED_CODES = (
    Column("cluster", "string", "Cluster as reviewed.", codebook.CLUSTERS),
    Column("iap2_level", "string", "Level as reviewed.", codebook.LEVELS),
    Column("participation_in", "string", "As reviewed; empty: not looked at.", codebook.PARTICIPATION_IN),
    Column("publics", "string", "As reviewed; empty: not looked at, or nobody.", codebook.PUBLICS, many=True),
    Column("mandate", "string", "As reviewed; empty: not looked at, or not applicable.", codebook.MANDATES),
    Column("policy_areas", "string", "As reviewed; empty: not looked at.", codebook.POLICY_AREAS, many=True),
    Column("touchpoints", "string", "As reviewed; empty: not looked at.", codebook.TOUCHPOINTS, many=True),
)

REVIEWS = Table(
    "reviews",
    "History of reviews, one row a review, only ever added to: who said what, and what the model had said.",
    (
        Column("review_id", "string", "Digest of the review: the same review twice is one row.", required=True),
        Column("version", "integer", "Version of this file's form.", minimum=1, required=True),
        Column("commitment_id", "string", "Commitment reviewed.", required=True),
        Column("reviewer", "string", "Who reviewed, as typed.", required=True),
        Column("given", "date", "Day of the review.", required=True),
        Column(
            "status",
            "string",
            "`agree`: the model is right; `done`: values given; `unsure`, `skip`: looked at, no values.",
            ("agree", "done", "unsure", "skip"),
            required=True,
        ),
        Column("adjudication", "boolean", "Whether the row settles a disagreement of earlier reviews.", required=True),
        *_REVIEWED_CODES,
        Column("evidence", "string", "Exact quotation that carries the level, as reviewed."),
        Column("comment", "string", "Remark of the reviewer."),
        Column("queue", "string", "Queue that the row came from.", required=True),
        Column("reason", "string", "Why the row was queued."),
        Column("random", "boolean", "Whether chance drew the row: only these estimate the model's error without bias."),
        Column("model", "string", "Id of the model that had coded the row."),
        *(
            Column(f"model_{code.name}", "string", "What the model had said.", code.values, code.many)
            for code in _REVIEWED_CODES
        ),
        Column("model_evidence", "string", "Quotation that the model had picked."),
        Column("document", "string", "File name of the document."),
        Column("country", "string", "ISO 3166-1 alpha-3 code."),
        Column("kind", "string", "Kind of the document.", codebook.KINDS),
        _LANGUAGE,
        Column("title", "string", "Title as reviewed."),
        Column("text", "string", "Text as reviewed: what the classifier learns from.", required=True),
    ),
    key=("review_id",),
)

AGREEMENT = Table(
    "agreement",
    "How far reviewers agree with each other and with the model.",
    (
        Column("agreement_id", "string", "Pair, code, rows and value in one stable name.", required=True),
        Column("between", "string", "Who is compared.", ("reviewers", "reviewer_model"), required=True),
        Column("code", "string", "Code compared.", ("cluster", "iap2_level"), required=True),
        Column("rows", "string", "Which rows: all reviewed, or only those that chance drew.", ("all", "random")),
        Column("value", "string", "One value against all others; empty for the whole code."),
        Column(
            "measure",
            "string",
            "Krippendorff's alpha (nominal or ordinal), Cohen's kappa, or plain share of agreement.",
            ("alpha_ordinal", "alpha_nominal", "kappa", "share"),
        ),
        Column("agreement", "number", "1: agreement in every case; 0: as much as by chance (shares: never)."),
        Column("n", "integer", "Commitments compared.", minimum=0),
    ),
    key=("agreement_id",),
)

TABLES = {
    table.name: table
    for table in (
        SOURCES,
        REGISTRY,
        FETCHED,
        BLOCKS,
        DOCUMENTS,
        SEGMENTS,
        CLASSIFIED,
        COMMITMENTS,
        DEFICIT,
        ORGANISATIONS,
        EXEMPLARS,
        ECOSYSTEM,
        LABELLED,
        REVIEWS,
        AGREEMENT,
    )
}
