import type { FeatureMaker } from '../web/deps.ts'
import { feature } from '../web/routes.ts'
import { adjustPage, billPage, postAdjust, postBill } from './adjust-pages.ts'
import { findMoved, findReturned } from './find-pages.ts'
import { nsfPage, postNsf } from './nsf-pages.ts'
import { checkPage, postCheck, postRefund, refundPage, refundsCsv, refundsPage } from './refund-pages.ts'
import { postTransfer, transferPage } from './transfer-pages.ts'
import { editPage, postEdit, postRemove, removePage } from './unposted-pages.ts'

const TRANSACTION = '/accounts/:number/transactions/:transaction'
const UNPOSTED = '/accounts/:number/unposted/:entry'

/** What can be done about a posted payment or charge and about an unposted row, each a page of its own [001]. */
export const movements: FeatureMaker = () =>
  feature('movements')
    .get('/payments/nsf', 'payments.reverse', findReturned, { menu: 'Payments > NSF' })
    .get('/payments/transfer', 'payments.transfer', findMoved, { menu: 'Payments > Transfer' })
    .get('/payments/refunds', 'payments.view', refundsPage, { menu: 'Payments > Refund' })
    .get('/payments/refund-list.csv', 'payments.view', refundsCsv)
    .get('/payments/refunds/:transaction', 'payments.refund', checkPage)
    .post('/payments/refunds/:transaction', 'payments.refund', postCheck)
    .get(`${TRANSACTION}/nsf`, 'payments.reverse', nsfPage)
    .post(`${TRANSACTION}/nsf`, 'payments.reverse', postNsf)
    .get(`${TRANSACTION}/transfer`, 'payments.transfer', transferPage)
    .post(`${TRANSACTION}/transfer`, 'payments.transfer', postTransfer)
    .get(`${TRANSACTION}/adjust`, 'transactions.adjust', adjustPage)
    .post(`${TRANSACTION}/adjust`, 'transactions.adjust', postAdjust)
    .get(`${TRANSACTION}/bill`, 'transactions.adjust', billPage)
    .post(`${TRANSACTION}/bill`, 'transactions.adjust', postBill)
    .get('/accounts/:number/refunds/new', 'payments.refund', refundPage)
    .post('/accounts/:number/refunds', 'payments.refund', postRefund)
    // what an unposted row takes depends on its type; the service asks
    .get(UNPOSTED, 'transactions.adjust', editPage)
    .post(UNPOSTED, 'transactions.adjust', postEdit)
    .get(`${UNPOSTED}/delete`, 'payments.batch', removePage)
    .post(`${UNPOSTED}/delete`, 'payments.batch', postRemove)
