#!/usr/bin/env bash
# On Node 24, the ECDSA signatures of JSON Web Tokens cost more to verify than the same signatures as DER.
#
# A JWS has r and s side by side (RFC 7518 s3.4), for which `crypto.verify` has `dsaEncoding: 'ieee-p1363'`. With Node 22.23.3, both
# forms of a P-256 signature take equally long. With Node 24.21.0, this form takes four tenths longer, all of it on the calling
# thread: a verification in the thread pool keeps the main thread busy three times as long. Whoever converts the signature to DER
# beforehand does not pay this.
#
# Output seen on 2026-11-30:
#   22.23.3 as in a JWS: as fast as DER
#   24.21.0 as in a JWS: slower than DER
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > measure.mjs <<'JS'
import { generateKeyPairSync, sign, verify } from 'node:crypto'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const text = Buffer.from('header.payload')
const inJws = { key: publicKey, dsaEncoding: 'ieee-p1363' }
const jws = sign('sha256', text, { key: privateKey, dsaEncoding: 'ieee-p1363' })
const der = sign('sha256', text, privateKey)

const ratios = []
for (let round = 0; round < 60; round++) {
  const slow = time(() => verify('sha256', text, inJws, jws))
  ratios.push(slow / time(() => verify('sha256', text, publicKey, der)))
}
const median = ratios.sort((one, other) => one - other)[30]
const verdict = median > 1.2 ? 'slower than DER' : 'as fast as DER'
console.log(process.versions.node, `as in a JWS: ${verdict}`)
console.error(process.versions.node, median.toFixed(2))

function time(check) {
  const before = performance.now()
  for (let count = 0; count < 100; count++) if (!check()) throw new Error('rejected')
  return performance.now() - before
}
JS

for version in 22.23.3 24.21.0; do
  npx --yes --package "node@$version" node measure.mjs
done | tee seen.txt

cat > expected.txt <<'TXT'
22.23.3 as in a JWS: as fast as DER
24.21.0 as in a JWS: slower than DER
TXT
diff expected.txt seen.txt
