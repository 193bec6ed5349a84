// rejected by lint/style/noRestrictedImports
export type { Explanation } from '../explain/index.ts'
