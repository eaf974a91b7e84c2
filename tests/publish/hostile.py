"""Text that tries to run: as HTML and script, and as a spreadsheet formula."""

HOSTILE = '</script><script>document.title="owned"</script><img src="https://example.org/x.png" onerror="alert(1)">'
FORMULA = '=HYPERLINK("https://example.org","press")'
