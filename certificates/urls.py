from django.urls import path

from certificates.views import admin, compliance, learner, proof, register

urlpatterns = [
    path("proof/<str:token>/", proof.proof, name="certificate-proof"),
    path("proof/<str:token>/status.json", proof.proof, name="certificate-proof-json"),
    path("paper/<str:token>/certificate.pdf", proof.paper, name="certificate-paper"),
    path("learn/", learner.home, name="learner-home"),
    path("learn/certificates/", learner.certificates, name="learner-certificates"),
    path("certificates/<uuid:pk>.pdf", learner.certificate_pdf, name="certificate-pdf"),
    path("files/", compliance.search, name="compliance-search"),
    path("files/register/", register.register, name="certificate-register"),
    path("files/register.csv", register.register_csv, name="certificate-register-csv"),
    path("files/record/", register.record_list, name="journal-list"),
    path("files/<uuid:pk>/", compliance.attempt_file, name="attempt-file"),
    path("files/<uuid:pk>/export/", compliance.export, name="attempt-file-export"),
    path("files/<uuid:pk>/play/", compliance.play, name="attempt-file-play"),
    path("certificates/<uuid:pk>/revoke/", compliance.revoke, name="certificate-revoke"),
    path("admin/credentials/", admin.credential_list, name="credential-list"),
    path("admin/credentials/new", admin.credential_new, name="credential-new"),
    path("admin/credentials/<uuid:pk>/edit", admin.credential_edit, name="credential-edit"),
]
