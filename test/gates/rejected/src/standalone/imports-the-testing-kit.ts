// rejected by lint/style/noRestrictedImports
export { createTestIssuer } from '../testing/index.ts'
