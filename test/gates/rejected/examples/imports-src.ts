// rejected by lint/style/noRestrictedImports
export { createVerifier } from '../src/verify/index.ts'
