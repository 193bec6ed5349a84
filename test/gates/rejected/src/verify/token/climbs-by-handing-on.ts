// rejected by ladder
export { KeySet } from '../keys/key-set.ts'
