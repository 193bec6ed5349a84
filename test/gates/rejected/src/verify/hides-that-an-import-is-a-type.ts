// rejected by lint/style/useImportType
import { SignKeyObjectInput } from 'node:crypto'

export type Key = SignKeyObjectInput['key']
