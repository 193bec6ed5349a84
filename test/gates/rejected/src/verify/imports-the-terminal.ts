// rejected by lint/style/noRestrictedImports
export { formatDate } from '../terminal/times.ts'
