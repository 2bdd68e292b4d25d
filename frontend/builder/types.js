// What travels between the builder's modules. The definition is the JSON of app/formbuilder/definition.py.

/**
 * @typedef {any[]} Formula tree of the closed language, see app/formbuilder/expression.py
 * @typedef {{ when: Formula, page: string | null }} Branch
 * @typedef {{ id: string, title: string, branches: Branch[] }} Page
 * @typedef {{ id: string, title: string, hidden: boolean }} Choice
 * @typedef {{
 *   id: string, kind: string, page: string, title: string, help: string, placeholder: string, default: any,
 *   width: number, required_to_save: boolean, required_to_close: boolean, visible_if: Formula | null,
 *   required_if: Formula | null, read_only: boolean, hidden: boolean, visible_roles: string[] | null,
 *   editable_roles: string[] | null, show_in_header: boolean, show_in_lists: boolean, config: Record<string, any>
 * }} Field
 * @typedef {{ pages: Page[], fields: Field[] }} Definition
 *
 * @typedef {{
 *   name: string, label: string, rule: string, optional?: boolean, limit?: number, smallest?: number, largest?: number,
 *   values?: [any, string][], kind?: string, when?: [string, string[]] | null
 * }} Setting one attribute of a kind's settings, and the rule that it follows
 * @typedef {{
 *   title: string, icon: string, group: string, macro: string, answers: boolean, given: boolean, sort: string | null,
 *   placeholder: boolean, default: boolean, fixed: string[], config: Record<string, any>, settings: Setting[]
 * }} Kind
 * @typedef {{ id: number, name: string, look: string, icon: string, script: string }} Status `look`: classes after "k-"
 * @typedef {Record<string, string[]>} Faults messages by field id
 * @typedef {{
 *   definition: Definition, begun: Definition, seen: string, base: number, at: string, form: number, view: string, user: number,
 *   faults: Faults, published: string[], published_kinds: Record<string, string>, published_choices: string[], kinds: Record<string, Kind>, order: string[],
 *   groups: { name: string, title: string }[], merge_fields: { name: string, title: string }[], widths: number[],
 *   roles: { name: string, title: string }[], statuses: Status[], rows: Record<string, { id: number, name: string }[]>,
 *   defaults: Record<string, string | string[]>,
 *   may_edit: boolean, urls: Record<string, string>, publish: string, picture: string, conversion: string
 * }} BuilderData what the page comes with
 */

export {};
