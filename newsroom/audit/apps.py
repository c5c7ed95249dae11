from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "newsroom.audit"
    verbose_name = "Audit"
