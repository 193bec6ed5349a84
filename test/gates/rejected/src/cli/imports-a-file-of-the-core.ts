// rejected by lint/style/noRestrictedImports
export { KeySet } from '../verify/keys/key-set.ts'
