/**
 * The tests of the core and the authorizer on the modules of slim builds: `jwt-gate/slim` and most set-ups of the zip.
 */
import { dirname, join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { replacementOf } from './scripts/slim.mjs'
import base from './vitest.config.ts'

const slim = {
  name: 'slim',
  enforce: 'pre' as const,
  resolveId: (source: string, importer?: string) =>
    importer && source.startsWith('.') ? replacementOf(join(dirname(importer), source)) : undefined,
}

/** Tests of what slim builds lack, or that use it among other things: the error that fails them names jwt-gate/slim. */
const OTHERS = [
  'attacks/{dpop,hidden-demands,proof-flood}*',
  'attacks/{busy-tenants,found-issuers,issuer-forms,many-issuers,shared-conditions,shared-places,waiting-turns}*',
  'attacks/{caused-failures,chosen-route,claim-names,inherited-options,policy,route-spellings,shared-errors}*',
  'lambda-authorizer/access/**',
  'lambda-authorizer/answer/{simple-access,usage-identifier-key}*',
  'lambda-authorizer/{authorizer-events,bound-tokens,event-request,repeated-tokens}*',
  'lambda-authorizer/app-sync/app-sync-authorizer*',
  'verify/proof/**',
  'verify/issuers/{many-tenants,resolver}*',
  'verify/jwks/jwks-{events,load}*',
  'verify/{config-hints,error-details,errors,event-json,fast-path,option-hints,outcome,verify-sync,work}*',
]

export default defineConfig({
  ...base,
  plugins: [slim],
  test: {
    ...base.test,
    include: ['test/{attacks,lambda-authorizer,verify}/**/*.test.ts'],
    exclude: ['**/node_modules/**', ...OTHERS.map((name) => `test/${name}`)],
    typecheck: { enabled: false },
  },
})
