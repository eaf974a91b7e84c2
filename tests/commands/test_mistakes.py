"""Every mistake of a user: exit code 2 and one line that says what to do."""

import pytest


def table(folder, content, name="plans.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("name", ["extract", "segment", "run"])
def test_missing_document(mistake, params, name):
    line = mistake(name, "nowhere.pdf", "--output", "out")
    assert "nowhere.pdf: not found; check the path" in line


@pytest.mark.parametrize("name", ["extract", "segment"])
def test_no_document(mistake, params, name):
    assert "no documents given" in mistake(name, "--output", "out")
    (params / "empty").mkdir()
    assert "no documents given" in mistake(name, params / "empty", "--output", "out")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id,title\n1,Portal\n", ("no column 'text'", "found: id, title")),
        ("text\nPortal\n", ("no column 'id'",)),
        ("id,text\n1,a\n2,b\n1,c\n", ("row 4", "repeats the id", "own")),
        ("id,text\n1,a\n,b\n", ("row 3", "has no id")),
        ("id,text,language\n1,a,xx\n", ("row 2", "language 'xx'", "ISO 639-1")),
        ("id,text\n1,\n", ("row 2", "neither title nor text")),
        ("", ("is empty",)),
        (b"\n\n", ("is empty",)),
        ("id,text\n1,Gesti\xf3n".encode("latin-1"), ("not UTF-8", "CSV UTF-8")),
        ("id,text\n1,a\n2,b,c\n", ("row 3 has 3 cells",)),
        (b"\x00\x01\x02\xff", ("not UTF-8",)),
        (b"a\x00b", ("no column 'id'",)),
    ],
)
def test_tables_that_cannot_be_coded(mistake, params, small_models, content, words):
    path = table(params, content)
    line = mistake("classify", path, "--output", "out.csv", "--models", small_models)
    assert str(path) in line
    assert all(word in line for word in words), line
    assert not (params / "out.csv").exists()


def test_a_missing_table_and_a_folder(mistake, params):
    assert "nowhere.csv: not found" in mistake("classify", "nowhere.csv", "--output", "out.csv")
    assert "is a folder; give a file" in mistake("classify", params, "--output", "out.csv")


def test_classify_without_a_trained_model(mistake, params):
    path = table(params, "id,text\n1,a\n")
    line = mistake("classify", path, "--output", "out.csv", "--models", params / "models")
    assert "no trained classifier" in line and "participation-deficit train" in line


def test_classify_with_another_encoder_than_trained(mistake, params, small_models, tmp_path):
    import json
    import shutil

    models = shutil.copytree(small_models, tmp_path / "models")
    meta = models / "classifier" / "model.json"
    meta.write_text(json.dumps(json.loads(meta.read_text()) | {"encoder": "participation-e5@0"}))
    line = mistake("classify", table(params, "id,text\n1,a\n"), "--output", "out.csv", "--models", models)
    assert "trained with encoder 'participation-e5@0', not 'lexical@1'" in line


def test_a_mistake_in_the_parameters(mistake, params, small_models):
    (params / "params.yaml").write_text("classify: {encoder: bert}\n")
    line = mistake("classify", table(params, "id,text\n1,a\n"), "--output", "o.csv", "--models", small_models)
    assert "classify.encoder is 'bert'; use one of tuned, lexical" in line
    (params / "params.yaml").write_text("classify: [\n")
    assert "not valid YAML" in mistake("classify", params / "plans.csv", "--output", "o.csv")


def labelled(folder, few_examples, **changes):
    rows = few_examples.drop(columns="file").head(60).copy()
    for column, value in changes.items():
        rows[column] = rows[column].astype(object)
        rows.loc[1, column] = value
    rows.to_csv(folder / "ours.csv", index=False)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cluster": "services"}, ("row 3", "cluster is 'services'", "service_design")),
        ({"iap2_level": "involved"}, ("row 3", "iap2_level is 'involved'", "involve")),
        ({"iap2_level": ""}, ("row 3", "iap2_level is ''")),
        ({"publics": "public|press"}, ("row 3", "publics is 'press'")),
        ({"mandate": "maybe"}, ("row 3", "mandate is 'maybe'")),
        ({"policy_areas": "ai"}, ("row 3", "policy_areas is 'ai'", "algorithms_ai")),
        ({"alternative": "iap2_level=involved"}, ("row 3", "alternative", "involved")),
        ({"alternative": "consult"}, ("row 3", "alternative", "cluster=")),
    ],
)
def test_unknown_labels(mistake, params, few_examples, changes, words):
    labelled(params, few_examples, **changes)
    line = mistake("train", "--labelled", params, "--vectors", "none", "--models", "models")
    assert "ours.csv" in line
    assert all(word in line for word in words), line


def test_one_id_for_two_examples(mistake, params, few_examples):
    labelled(params, few_examples, id=few_examples["id"][0])
    line = mistake("train", "--labelled", params, "--vectors", "none", "--models", "models")
    assert f"id '{few_examples['id'][0]}'" in line and "its own id" in line


def test_a_column_that_is_missing(mistake, params, few_examples):
    few_examples.drop(columns=["file", "iap2_level"]).to_csv(params / "ours.csv", index=False)
    assert "no column 'iap2_level'" in mistake("train", "--labelled", params, "--models", "models")


def test_labelled_examples_that_are_no_table(mistake, params):
    (params / "ours.csv").write_bytes("id,text\n1,Gesti\xf3n".encode("latin-1"))
    assert "ours.csv: is not UTF-8" in mistake("train", "--labelled", params, "--models", "models")
    (params / "ours.csv").write_bytes(b"")
    assert "ours.csv: is empty" in mistake("train", "--labelled", params, "--models", "models")


def test_no_or_too_few_examples(mistake, params, few_examples):
    assert "holds no labelled examples" in mistake("train", "--labelled", params / "none", "--models", "models")
    few_examples.drop(columns="file").head(5).to_csv(params / "ours.csv", index=False)
    line = mistake("train", "--labelled", params, "--vectors", "none", "--models", "models")
    assert "5 labelled examples" in line and "50" in line


def test_evaluate_before_training(mistake, params):
    line = mistake("evaluate", "--models", params / "models", "--vectors", params)
    assert "not found" in line or "no trained classifier" in line


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id,text\n1,a\n", ("no column 'cluster'", "classify")),
        ("id,cluster,iap2_level\n1,services,none\n", ("services", "use one of")),
        ("id,cluster,iap2_level\n1,service_design,none\n1,service_design,none\n", ("row 3", "repeats the id")),
        ("id,cluster,iap2_level\n", ("no rows",)),
    ],
)
def test_tables_that_cannot_be_measured(mistake, params, content, words):
    path = table(params, content)
    line = mistake("measure", path, "--output", "out", "--models", params)
    assert all(word in line for word in (str(path), *words)), line


def test_measure_of_a_missing_table(mistake, params):
    assert "nowhere.csv: not found" in mistake("measure", "nowhere.csv", "--output", "out")


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--country", "Brazil", "--year", "2020", "--kind", "nap"], "BRAZIL"),
        (["--country", "BRA", "--year", "20", "--kind", "nap"], "20"),
        (["--country", "BRA", "--year", "2020", "--kind", "plan"], "plan"),
        (["--country", "BRA", "--year", "2020", "--kind", "nap", "--language", "klingon"], "klingon"),
    ],
)
def test_add_with_a_wrong_fact(mistake, params, options, word):
    document = table(params, "A plan.", "plan.md")
    assert word in mistake("add", document, *options, "--sources", params / "sources.csv")


def test_add_of_a_missing_file(mistake, params):
    line = mistake("add", "nowhere.pdf", "--country", "BRA", "--year", "2020", "--kind", "nap")
    assert "nowhere.pdf" in line and "not found" in line


def test_a_missing_list_of_documents(mistake, params):
    assert "nowhere.csv: not found" in mistake("collect", "--sources", "nowhere.csv", "--output", "o.csv")
    assert "nowhere.csv: not found" in mistake("extract", "--sources", "nowhere.csv", "--output", "o.parquet")


def test_publish_before_anything_else(mistake, params):
    assert "not found" in mistake("publish", "--output", "out", "--models", params)
