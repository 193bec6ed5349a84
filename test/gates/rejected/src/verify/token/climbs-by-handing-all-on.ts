// rejected by ladder
export * from '../keys/key-set.ts'
