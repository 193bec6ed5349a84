// rejected by lint/style/noRestrictedImports
import { readStrings } from '../verify/util/check-option.ts'

export const read = readStrings
