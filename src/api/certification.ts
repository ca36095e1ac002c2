import { certificationAdjustmentBody, certificationPaymentBody } from '../tax-certification/forms.ts'
import { adjustCertification, takeCertificationPayment } from '../tax-certification/service.ts'
import { call, created, type Given } from './call.ts'
import { certifiedAnswer } from './schemas.ts'

/** Who asks, of which account, what, and under which key. */
function asked<Body>({ db, actor, today, params, body, key }: Given<unknown, Body>, what: string) {
  const number = params.number ?? ''
  const request = key === undefined ? undefined : { path: `/accounts/${number}/${what}`, key, body }
  return [{ db, actor: actor.id, today }, number, body, request] as const
}

const payment = call({
  method: 'post',
  path: '/accounts/{number}/certification-payments',
  need: 'certification.payments',
  summary: 'Enters a payment that the county sent for a tax year',
  body: certificationPaymentBody,
  answers: { 201: certifiedAnswer },
  key: 'posting',
  handle: async (given) => created(await takeCertificationPayment(...asked(given, 'certification-payments'))),
})

const adjustment = call({
  method: 'post',
  path: '/accounts/{number}/certification-adjustments',
  need: 'certification.adjust',
  summary: 'Removes, writes off or takes as paid at city hall what is certified for a tax year',
  body: certificationAdjustmentBody,
  answers: { 201: certifiedAnswer },
  key: 'posting',
  handle: async (given) => created(await adjustCertification(...asked(given, 'certification-adjustments'))),
})

export const CERTIFICATION_CALLS = [payment, adjustment]
