from django.urls import path

from certificates.views import compliance, learner, proof

urlpatterns = [
    path("proof/<str:token>/", proof.proof, name="certificate-proof"),
    path("proof/<str:token>/status.json", proof.proof, name="certificate-proof-json"),
    path("proof/<str:token>/certificate.pdf", proof.proof_pdf, name="certificate-proof-pdf"),
    path("learn/", learner.home, name="learner-home"),
    path("learn/certificates/", learner.certificates, name="learner-certificates"),
    path("certificates/<uuid:pk>.pdf", learner.certificate_pdf, name="certificate-pdf"),
    path("files/", compliance.search, name="compliance-search"),
    path("files/register/", compliance.register, name="certificate-register"),
    path("files/register.csv", compliance.register_csv, name="certificate-register-csv"),
    path("files/record/", compliance.record_list, name="journal-list"),
    path("files/<uuid:pk>/", compliance.attempt_file, name="attempt-file"),
    path("files/<uuid:pk>/export/", compliance.export, name="attempt-file-export"),
    path("files/<uuid:pk>/play/", compliance.play, name="attempt-file-play"),
    path("certificates/<uuid:pk>/revoke/", compliance.revoke, name="certificate-revoke"),
]
