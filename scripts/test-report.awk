# Reads the XML reports of Maven's Surefire: prints why tests were skipped, then the sum. Fails if a test failed.

BEGIN { RS = "<" }

function attribute(name,    value) {
  if (!match($0, "[ \n]" name "=\"[^\"]*\"")) return ""
  value = substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
  gsub(/&quot;/, "\"", value)
  gsub(/&apos;/, "'", value)
  gsub(/&lt;/, "<", value)
  gsub(/&gt;/, ">", value)
  gsub(/&#10;|\n/, " ", value)
  gsub(/&amp;/, "\\&", value)
  return value
}

/^testsuite[ \n]/ {
  tests += attribute("tests")
  failed += attribute("failures") + attribute("errors")
  skipped += attribute("skipped")
}

/^testcase[ \n]/ {
  test = attribute("classname")
  sub(/.*\./, "", test)
  if (attribute("name") != "") test = test "." attribute("name")
}

/^skipped/ { print "SKIPPED: " test ", because " attribute("message") }

END {
  printf "%d passed, %d failed, %d skipped\n", tests - failed - skipped, failed, skipped
  exit failed > 0
}
