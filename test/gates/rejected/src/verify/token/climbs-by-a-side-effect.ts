// rejected by ladder
import '../keys/key-set.ts'
