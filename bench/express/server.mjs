/**
 * The server of one contender, in a separate process.
 */
import { readInput } from '../measure/child.mjs'
import { MIDDLEWARE } from './middleware.mjs'
import { serve } from './serve.mjs'

const { name, setup } = readInput()
serve(await MIDDLEWARE[name].create(setup))
