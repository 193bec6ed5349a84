// rejected by ladder
import type { KeySet } from '../keys/key-set.ts'

export type Keys = KeySet | undefined
