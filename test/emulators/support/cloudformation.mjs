/**
 * CloudFormation templates in YAML, with the short forms of its functions expanded.
 */
import { parse } from 'yaml'

const TAGS = [
  { tag: '!Ref', resolve: (name) => ({ Ref: name }) },
  { tag: '!Sub', resolve: (text) => ({ 'Fn::Sub': text }) },
  { tag: '!GetAtt', resolve: (path) => ({ 'Fn::GetAtt': path.split('.') }) },
]

export function parseTemplate(text) {
  return parse(text, { customTags: TAGS })
}
