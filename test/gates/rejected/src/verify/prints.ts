// rejected by lint/suspicious/noConsole
export const warn = (text: string): void => console.log(text)
