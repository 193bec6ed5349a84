// rejected by TS1484
import { SignKeyObjectInput } from 'node:crypto'

export type Key = SignKeyObjectInput['key']
