// rejected by TS6133
const unused = 1

export {}
