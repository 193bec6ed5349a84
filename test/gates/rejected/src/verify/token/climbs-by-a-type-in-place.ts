// rejected by ladder
export type Keys = import('../keys/key-set.ts').KeySet | undefined
