// rejected by lint/style/noRestrictedImports
export { given } from '../../test/support/given.ts'
