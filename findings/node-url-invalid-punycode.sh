#!/usr/bin/env bash
# Node 20 and Node 24 disagree on which issuer URLs exist.
#
# The `iss` of a token, or a `jwks_uri`, whose host has a label that starts with "xn--" and is no valid Punycode, such as
# https://xn--.idp.example, is rejected by the URL parser of Node 20.20.2 and accepted unchanged by that of Node 24.21.0. A check
# that relies on `URL.canParse` to reject such hosts therefore depends on the version of the runtime.
#
# Output seen on 2026-11-29:
#   20.20.2 https://xn--.idp.example rejected
#   20.20.2 https://xn--e1a.idp.example https://xn--e1a.idp.example/
#   24.21.0 https://xn--.idp.example https://xn--.idp.example/
#   24.21.0 https://xn--e1a.idp.example https://xn--e1a.idp.example/
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > parse.mjs <<'JS'
for (const text of ['https://xn--.idp.example', 'https://xn--e1a.idp.example']) {
  const href = URL.canParse(text) ? new URL(text).href : 'rejected'
  console.log(process.versions.node, text, href)
}
JS

for version in 20.20.2 24.21.0; do
  npx --yes --package "node@$version" node parse.mjs
done | tee seen.txt

cat > expected.txt <<'TXT'
20.20.2 https://xn--.idp.example rejected
20.20.2 https://xn--e1a.idp.example https://xn--e1a.idp.example/
24.21.0 https://xn--.idp.example https://xn--.idp.example/
24.21.0 https://xn--e1a.idp.example https://xn--e1a.idp.example/
TXT
diff expected.txt seen.txt
