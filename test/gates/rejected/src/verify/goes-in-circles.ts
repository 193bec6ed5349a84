// rejected by lint/suspicious/noImportCycles
import { comesBack } from './comes-back.ts'

export const goesOut = (): unknown => comesBack
