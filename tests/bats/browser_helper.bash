# Loaded by the Bats files that look at a page as a reader meets it.

# browser: Python on standard input, in which `browser` has $BATS_TEST_TMPDIR/out/report.html open.
browser() {
  {
    echo 'import sys; from browser import Browser'
    echo 'with Browser() as browser:'
    echo '    out = sys.argv[1]; browser.open(out + "/report.html")'
    sed 's/^/    /'
    echo '    assert not browser.troubles, browser.troubles'
  } >"$BATS_TEST_TMPDIR/drive.py"
  PYTHONPATH=$BATS_TEST_DIRNAME/support PYTHONDONTWRITEBYTECODE=1 timeout 60 \
    python3 "$BATS_TEST_TMPDIR/drive.py" "$BATS_TEST_TMPDIR/out"
}
