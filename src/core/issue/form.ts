// The forms an encoding is released in.

/** How an encoding was released; each has an index of its own, so that lost paper dies alone. */
export const FORMS = ['screen', 'paper', 'jws', 'device', 'sd-jwt'] as const;
export type Form = (typeof FORMS)[number];

/** What needs no key of a device. */
export const UNBOUND_FORMS = ['screen', 'paper', 'jws'] as const satisfies readonly Form[];
export type UnboundForm = (typeof UNBOUND_FORMS)[number];

/** Bound to a device's key (`cnf`): `device` is a `YM1`, `sd-jwt` an SD-JWT VC for wallets of others. */
export type BoundForm = Exclude<Form, UnboundForm>;

export function isBoundForm(form: Form): form is BoundForm {
  return !(UNBOUND_FORMS as readonly Form[]).includes(form);
}
