// rejected by ladder
import { KeySet } from '../keys/key-set.ts'

export const keys = new KeySet()
