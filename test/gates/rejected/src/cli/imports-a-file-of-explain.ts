// rejected by lint/style/noRestrictedImports
export { checkAll } from '../explain/check-all.ts'
