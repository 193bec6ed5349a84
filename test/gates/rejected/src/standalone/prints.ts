// rejected by lint/suspicious/noConsole
console.log('a token was refused')
