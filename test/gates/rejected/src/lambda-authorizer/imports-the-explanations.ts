// rejected by lint/style/noRestrictedImports
export { explain } from '../explain/index.ts'
