// rejected by lint/suspicious/noExplicitAny
export const nameOf = (thing: any): string => thing.name
