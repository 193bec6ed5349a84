/**
 * One instance of the zip's function, as Lambda runs it: the variables are its environment, and the AWS SDK is found by NODE_PATH.
 * Arguments: the folder of the function. Each message is an event.
 */
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

const [, , folder] = process.argv
const { handler } = await import(pathToFileURL(join(folder, 'index.mjs')).href)

process.on('message', async ({ id, event }) => {
  const outcome = await handler(event).then(
    ({ policyDocument: { Statement } }) => Statement[0].Effect,
    ({ message }) => message,
  )
  process.send({ id, outcome })
})
process.on('disconnect', () => process.exit())
process.send({ id: 0 })
