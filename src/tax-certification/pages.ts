import type { FeatureMaker } from '../web/deps.ts'
import { feature } from '../web/routes.ts'
import { ADJUSTMENTS, newAdjustment, postAdjustment } from './adjustment-pages.ts'
import { casePage, casesPage, certificationPage, withdraw } from './case-pages.ts'
import { layoutPages } from './county-layout-pages.ts'
import { findAccount, openEntry } from './entry-pages.ts'
import { newPayment, PAYMENTS, paymentFile, postPayment } from './payment-pages.ts'
import { registerFile, registerPage } from './register-pages.ts'
import { certificationScreens } from './screens.ts'

const MENU = 'Tax Certification'

const entries: FeatureMaker = (deps) =>
  feature('tax-certification')
    .get(PAYMENTS.path, 'certification.payments', openEntry(PAYMENTS), { menu: `${MENU} > ${PAYMENTS.title}` })
    .post(PAYMENTS.path, 'certification.payments', findAccount(PAYMENTS))
    .post(`${PAYMENTS.path}/file`, 'certification.payments', paymentFile(deps), { upload: true })
    .get(`${PAYMENTS.path}/:number`, 'certification.payments', newPayment)
    .post(`${PAYMENTS.path}/:number`, 'certification.payments', postPayment)
    .get(ADJUSTMENTS.path, 'certification.adjust', openEntry(ADJUSTMENTS), { menu: `${MENU} > ${ADJUSTMENTS.title}` })
    .post(ADJUSTMENTS.path, 'certification.adjust', findAccount(ADJUSTMENTS))
    .get(`${ADJUSTMENTS.path}/:number`, 'certification.adjust', newAdjustment)
    .post(`${ADJUSTMENTS.path}/:number`, 'certification.adjust', postAdjustment)
    .get('/tax-certification/register', 'certification.view', registerPage, {
      menu: `${MENU} > Certification Register`,
      repeats: ['kinds'],
    })
    .get('/tax-certification/register.csv', 'certification.view', registerFile, { repeats: ['kinds'] })
    .get('/tax-certification/cases', 'certification.view', casesPage, { menu: `${MENU} > Certification cases` })
    .get('/tax-certification/cases/:year', 'certification.view', casePage)
    .get('/tax-certification/certifications/:certification', 'certification.view', certificationPage)
    .post('/tax-certification/certifications/:certification/withdraw', 'certification.adjust', withdraw)

/** Everything of the Tax Certification menu that has routes. */
export const pages: readonly FeatureMaker[] = [...certificationScreens, entries, layoutPages]
