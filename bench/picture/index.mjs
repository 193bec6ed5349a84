/**
 * Draws `results.json`, or another file of this form, and prints the picture:
 *
 *     node bench/picture/index.mjs > bench/results.svg
 */
import { draw } from './update.mjs'

process.stdout.write(draw(process.argv[2]))
