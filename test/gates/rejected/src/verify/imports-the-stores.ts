// rejected by lint/style/noRestrictedImports
import { memoryReplayStore } from '../stores/index.ts'

export const replay = memoryReplayStore
