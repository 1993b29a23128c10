from moderation.console.desk.downloads import as_csv


def test_a_cell_that_a_spreadsheet_would_run_is_disarmed() -> None:
    text = as_csv("tabel", ["Nama"], [["=1+1"], ["@x"], ["Sari"], [None], [-3]]).get_data(True)

    assert text.split("\r\n")[1:-1] == ["'=1+1", "'@x", "Sari", '""', "-3"]
