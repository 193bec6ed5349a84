// rejected by lint/style/noRestrictedImports
export { createTestKey } from '../testing/test-key.ts'
