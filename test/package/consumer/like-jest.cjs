/**
 * Loads the CommonJS files as Jest does: as scripts without a callback for `import()`, which then fails. Verifies a token whose keys
 * have to be fetched, and prints the subject.
 */
const { readFileSync } = require('node:fs')
const { createRequire, wrap } = require('node:module')
const { dirname } = require('node:path')
const { runInThisContext } = require('node:vm')

const loaded = new Map()

function load(file) {
  if (loaded.has(file)) return loaded.get(file).exports
  const module = { exports: {} }
  loaded.set(file, module)
  const resolve = createRequire(file).resolve
  const require = (name) => {
    const path = resolve(name)
    return path.includes('node_modules') ? load(path) : createRequire(file)(name)
  }
  const run = runInThisContext(wrap(readFileSync(file, 'utf8')), { filename: file })
  run.call(module.exports, module.exports, require, module, file, dirname(file))
  return module.exports
}

async function main() {
  const resolve = createRequire(__filename).resolve
  const { createVerifier } = load(resolve('jwt-gate'))
  const { createTestIssuer } = load(resolve('jwt-gate/testing'))
  const issuer = await createTestIssuer()
  await issuer.listen()
  const { issuer: iss, jwksUri } = issuer
  const verifier = createVerifier({ issuer: iss, audience: null, jwksUri })
  const { claims } = await verifier.verify(await issuer.accessToken({ sub: 'alice' }))
  await issuer.close()
  console.log(claims.sub)
}

void main()
